import { imageFolderFormat } from './image-folder.ts';
import { mcapFormat } from './mcap.ts';
import { open3dFormat } from './open3d.ts';
import type { SourceFormat } from './opened-source.ts';
import { rgbdFolderFormat } from './rgbd-folder.ts';
import { tumFormat } from './tum.ts';
import { videoFormat } from './video.ts';

/** Every kind of recording, the most particular first. Adding a kind is its file and one entry here. */
export const sourceFormats: readonly SourceFormat[] = [
  rgbdFolderFormat,
  tumFormat,
  open3dFormat,
  imageFolderFormat,
  mcapFormat,
  videoFormat,
];

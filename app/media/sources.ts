import { imageFolderFormat } from './image-folder.ts';
import { liveFormat } from './live.ts';
import { mcapFormat } from './mcap.ts';
import { open3dFormat } from './open3d.ts';
import type { SourceFormat } from './opened-source.ts';
import { record3dFormat } from './record3d.ts';
import { rgbdFolderFormat } from './rgbd-folder.ts';
import { strayScannerFormat } from './stray-scanner.ts';
import { tumFormat } from './tum.ts';
import { videoFormat } from './video.ts';

/** Every kind of recording, the most particular first. Adding a kind is its file and one entry here. */
export const sourceFormats: readonly SourceFormat[] = [
  liveFormat,
  rgbdFolderFormat,
  strayScannerFormat,
  tumFormat,
  open3dFormat,
  imageFolderFormat,
  mcapFormat,
  record3dFormat,
  videoFormat,
];

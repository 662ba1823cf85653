import type { KeyframeReason, SourceKind, TrackingState } from '../../app/contract/session.ts';

/** Why a keyframe was kept, in words. */
export const reasonText: Record<KeyframeReason, string> = {
  first: 'first frame',
  motion: 'camera moved',
  overlap: 'new view',
  time: 'time passed',
  label: 'labelled',
  promoted: 'promoted',
};

/** How a pose came about, in words. */
export const trackingText: Record<TrackingState, string> = {
  tracked: 'tracked',
  recorded: 'recorded pose',
  predicted: 'predicted',
  initialising: 'initialising',
  lost: 'lost',
};

/** What a session was made from, in words. */
export const sourceText: Record<SourceKind, string> = {
  video: 'Video',
  'rgbd-folder': 'RGB-D folder',
  tum: 'TUM RGB-D',
  open3d: 'Open3D RGB-D',
  mcap: 'MCAP log',
  'stray-scanner': 'Stray Scanner folder',
  record3d: 'Record3D recording',
  live: 'Live camera',
  'image-folder': 'Folder of images',
};

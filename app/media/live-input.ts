/** How a live camera or stream is named: an address, a video device, or `camera:` and a number or a name. */
const address = /^(rtsps?|https?|udp|rtp|rtmps?|srt|tcp):\/\//i;
const device = /^\/dev\/video\d+$/;
const camera = /^camera:(.+)$/i;

/** Tells whether a path names something live instead of a recording. */
export const isLive = (path: string): boolean => address.test(path) || device.test(path) || camera.test(path);

/** A stream that is silent for so long counts as lost, in microseconds. */
const silenceMicros = 5_000_000;

const cameraArguments = (name: string, platform: NodeJS.Platform): string[] => {
  switch (platform) {
    case 'darwin':
      return ['-f', 'avfoundation', '-framerate', '30', '-i', `${name}:none`];
    case 'win32':
      return ['-f', 'dshow', '-i', `video=${name}`];
    default:
      return ['-f', 'v4l2', '-i', /^\d+$/.test(name) ? `/dev/video${name}` : name];
  }
};

const streamArguments = (url: string): string[] => {
  const waiting = /^rtsps?:/i.test(url)
    ? ['-rtsp_transport', 'tcp', '-timeout', String(silenceMicros)]
    : /^https?:/i.test(url)
      ? ['-rw_timeout', String(silenceMicros)]
      : [];
  return [...waiting, '-i', url];
};

/** FFmpeg looks at a stream for so long before it shows the first picture, in microseconds; five seconds unless told. */
const lookMicros = 1_000_000;

/** What makes FFmpeg open a live input, as directly as it can. */
export const liveInputArguments = (path: string, platform = process.platform): string[] => {
  const name = device.test(path) ? path : camera.exec(path)?.[1];
  return [
    ...['-analyzeduration', String(lookMicros), '-flags', 'low_delay'],
    ...(name === undefined ? streamArguments(path) : cameraArguments(name, platform)),
  ];
};

/** Minutes, seconds and milliseconds, `00:42.133`; hours when there are any, `1:00:42.133`. */
export const timecode = (micros: number): string => {
  const millis = Math.round(Math.abs(micros) / 1000);
  const hours = Math.floor(millis / 3_600_000);
  const minutes = Math.floor(millis / 60_000) % 60;
  const seconds = Math.floor(millis / 1000) % 60;
  const two = (value: number): string => String(value).padStart(2, '0');
  const tail = `${two(minutes)}:${two(seconds)}.${String(millis % 1000).padStart(3, '0')}`;
  return `${micros < 0 ? '−' : ''}${hours > 0 ? `${hours}:` : ''}${tail}`;
};

/** Minutes and seconds, for lists and ticks: `0:42`, `1:00:42`. */
export const shortTime = (micros: number): string => {
  const seconds = Math.round(micros / 1e6);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const two = (value: number): string => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
};

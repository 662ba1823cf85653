/**
 * A keyframe as tracking leaves it: where it was, and the landmarks that it saw with how they looked. What is needed to
 * recognise its place and to adjust the session again; see `native/src/view.h`.
 */
export interface View {
  readonly ptsMicros: number;
  readonly bytes: Uint8Array;
}

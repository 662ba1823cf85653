import { computed } from 'vue';
import { useClock } from '../clock/useClock.ts';
import { heldAt, memoryStateOf, workingWindow } from './memoryState.ts';
import type { MemoryState } from './memoryState.ts';
import { useSession } from './useSession.ts';

const words: Record<MemoryState, string> = {
  working: 'working',
  episodic: 'episodic',
  library: 'library',
  ahead: 'ahead',
};

/** Where moments of the open session are remembered, as of the playhead. */
export const useMemoryState = () => {
  const clock = useClock();
  const session = useSession();
  const timeline = computed(() => session.memory.value);
  const working = computed(() => (timeline.value ? workingWindow(timeline.value, clock.playheadMicros) : undefined));
  const held = computed(() => heldAt(timeline.value?.episodic ?? [], clock.playheadMicros));

  const stateOf = (ptsMicros: number): MemoryState =>
    memoryStateOf(ptsMicros, clock.playheadMicros, working.value, held.value);

  return { working, held, stateOf, stateText: (ptsMicros: number): string => words[stateOf(ptsMicros)] };
};

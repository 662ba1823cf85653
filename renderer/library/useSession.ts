import { defineStore } from 'pinia';
import { computed, ref, watch } from 'vue';
import type { Preview } from '../../app/contract/api.ts';
import type { PointCloud } from '../../app/contract/binary.ts';
import type { Observation } from '../../app/contract/scene.ts';
import type { FrameRecord, Keyframe, MemoryTimeline, Session } from '../../app/contract/session.ts';
import { useClock } from '../clock/useClock.ts';
import { fetchPoints, fetchTrajectory } from '../engine/binary.ts';
import { engine } from '../engine/client.ts';
import { useLoadable } from '../engine/loadable.ts';

const previewPollMillis = 1000;

/** The open session and everything that was derived from it. Each part shows as soon as it arrives. */
export const useSession = defineStore('session', () => {
  const clock = useClock();
  const id = ref<string>();
  const session = useLoadable<Session>();
  const preview = useLoadable<Preview>();
  const keyframes = useLoadable<readonly Keyframe[]>();
  const memory = useLoadable<MemoryTimeline>();
  const observations = useLoadable<readonly Observation[]>();
  const trajectory = useLoadable<readonly FrameRecord[]>();
  const points = useLoadable<PointCloud>();
  const parts = [session, preview, keyframes, memory, observations, trajectory, points];
  let previewTimer: ReturnType<typeof setTimeout> | undefined;

  const observationsByPts = computed(() =>
    Map.groupBy(observations.current.value.value ?? [], (observation) => observation.ptsMicros),
  );
  const keyframePts = computed(() => (keyframes.current.value.value ?? []).map((keyframe) => keyframe.ptsMicros));

  const readPreview = async (sessionId: string): Promise<void> => {
    clearTimeout(previewTimer);
    await preview.read(() => engine.sessions.preview({ sessionId }));
    if (id.value === sessionId && preview.current.value.value?.state === 'preparing') {
      previewTimer = setTimeout(() => void readPreview(sessionId), previewPollMillis);
    }
  };

  const readObservations = async (): Promise<void> => {
    const sessionId = id.value;
    if (sessionId) {
      await observations.read(() => engine.observations.list({ sessionId }));
    }
  };

  /** Reads everything again; what is shown stays until the fresh value is there. */
  const refresh = async (): Promise<void> => {
    const sessionId = id.value;
    if (!sessionId) {
      return;
    }
    await Promise.all([
      session.read(() => engine.sessions.get({ sessionId })),
      readPreview(sessionId),
      keyframes.read(() => engine.keyframes.list({ sessionId })),
      memory.read(() => engine.memory.timeline({ sessionId })),
      readObservations(),
      trajectory.read(() => fetchTrajectory(sessionId)),
      points.read(() => fetchPoints(sessionId)),
    ]);
  };

  const open = (sessionId: string | undefined, ptsMicros?: number): void => {
    if (id.value === sessionId) {
      return;
    }
    clearTimeout(previewTimer);
    id.value = sessionId;
    parts.forEach((part) => part.clear());
    clock.reset(ptsMicros);
    void refresh();
  };

  watch(trajectory.current, ({ value }) => {
    if (value) {
      clock.setFrames(value);
    }
  });

  return {
    id,
    session: session.current,
    preview: preview.current,
    keyframes: keyframes.current,
    memory: memory.current,
    observations: observations.current,
    trajectory: trajectory.current,
    points: points.current,
    observationsByPts,
    keyframePts,
    open,
    refresh,
    readObservations,
  };
});

import { useClock } from '../clock/useClock.ts';
import { useScene } from '../library/useScene.ts';
import { useSession } from '../library/useSession.ts';
import { useView } from '../scene3d/useView.ts';
import { useQuestions } from '../ask/useQuestions.ts';
import type { Selection } from './selection.ts';
import { useSelection } from './useSelection.ts';

/** What a click on anything does: select it everywhere, and go there in time. */
export const useNavigation = () => {
  const clock = useClock();
  const scene = useScene();
  const selection = useSelection();
  const session = useSession();
  const questions = useQuestions();
  const view = useView();

  /** Takes the playhead to a moment, in another session if need be. */
  const goTo = (sessionId: string, ptsMicros: number): void => {
    clock.playing = false;
    if (session.id === sessionId) {
      clock.seek(ptsMicros);
    } else {
      session.open(sessionId, ptsMicros);
    }
  };

  const follow = (chosen: Selection): void => {
    if ('ptsMicros' in chosen) {
      goTo(chosen.sessionId, chosen.ptsMicros);
    } else if (chosen.kind === 'answer') {
      selection.evidence = questions.all.find(({ id }) => id === chosen.questionId)?.answer.evidence;
    }
  };

  const select = (chosen: Selection): void => {
    selection.select(chosen);
    follow(chosen);
  };

  const move = (direction: 1 | -1): void => {
    const chosen = selection.move(direction);
    if (chosen) {
      follow(chosen);
    }
  };

  /** Flies the 3D view to what is selected: an object, or the camera at a moment. */
  const flyTo = (target: Selection | undefined = selection.current): void => {
    if (target?.kind === 'object') {
      const object = scene.byId.get(target.objectId);
      if (object) {
        view.flyTo(object.center, Math.max(...object.axesLengths) * 3 + 1);
      }
      return;
    }
    const pts = target && 'ptsMicros' in target ? target.ptsMicros : clock.playheadMicros;
    const pose = clock.records.find((record) => record.ptsMicros === pts)?.worldFromCamera;
    if (pose) {
      view.flyTo([pose[3] ?? 0, pose[7] ?? 0, pose[11] ?? 0], 3);
    }
  };

  return { select, goTo, move, flyTo };
};

import { useQuestions } from '../ask/useQuestions.ts';
import { useClock } from '../clock/useClock.ts';
import { useCommands } from '../commands/useCommands.ts';
import { useRevisions } from '../edits/useRevisions.ts';
import { useIngest } from '../ingest/useIngest.ts';
import { useSession } from '../library/useSession.ts';
import { useMapTool } from '../scene3d/useMapTool.ts';
import { useView } from '../scene3d/useView.ts';
import { useNavigation } from '../selection/useNavigation.ts';
import { useSelection } from '../selection/useSelection.ts';
import { useSettings } from '../settings/useSettings.ts';

const focusPanel = (name: string): void => document.querySelector<HTMLElement>(`[data-panel="${name}"]`)?.focus();

/** Carries out the commands that belong to no single panel. */
export const useWindowCommands = (refreshAll: () => void): void => {
  const clock = useClock();
  const commands = useCommands();
  const ingest = useIngest();
  const navigation = useNavigation();
  const questions = useQuestions();
  const selection = useSelection();
  const session = useSession();
  const { settings, toggleTheme } = useSettings();
  const view = useView();
  const mapTool = useMapTool();
  const revisions = useRevisions();

  commands.register({
    'clock.toggle': clock.toggle,
    'clock.previousFrame': () => clock.step(-1),
    'clock.nextFrame': () => clock.step(1),
    'clock.secondBack': () => clock.stepSeconds(-1),
    'clock.secondForward': () => clock.stepSeconds(1),
    'clock.previousKeyframe': () => clock.stepAmong(session.keyframePts, -1),
    'clock.nextKeyframe': () => clock.stepAmong(session.keyframePts, 1),
    'clock.start': () => clock.seek(clock.startMicros),
    'clock.end': () => clock.seek(clock.endMicros),
    'clock.slower': () => clock.changeRate(-1),
    'clock.pause': () => (clock.playing = false),
    'clock.faster': () => (clock.playing ? clock.changeRate(1) : clock.toggle()),
    'selection.back': () => navigation.move(-1),
    'selection.forward': () => navigation.move(1),
    'selection.clear': () => {
      mapTool.take(undefined);
      selection.clear();
    },
    'scene.flyTo': () => navigation.flyTo(),
    'scene.orbit': () => (view.rig = 'orbit'),
    'scene.fly': () => (view.rig = 'fly'),
    'scene.follow': () => (view.rig = view.rig === 'follow' ? 'orbit' : 'follow'),
    'scene.reset': view.reset,
    'map.box': () => mapTool.take('box'),
    'map.lasso': () => mapTool.take('lasso'),
    'map.measure': () => mapTool.take('measure'),
    'map.floor': () => mapTool.take('floor'),
    'edit.undo': revisions.undo,
    'edit.redo': revisions.redo,
    'view.boxes': () => (settings.showBoxes = !settings.showBoxes),
    'view.objectsInVideo': () => (settings.showObjectsInVideo = !settings.showObjectsInVideo),
    'view.moving': () => (settings.showMoving = !settings.showMoving),
    'view.theme': toggleTheme,
    'panel.lists': () => focusPanel('lists'),
    'panel.video': () => focusPanel('video'),
    'panel.scene': () => focusPanel('scene'),
    'panel.ask': () => focusPanel('ask'),
    'ask.focus': () => (questions.focusRequests += 1),
    'ingest.open': () => (ingest.formOpen = true),
    'library.refresh': refreshAll,
    'palette.open': () => (commands.paletteOpen = !commands.paletteOpen),
    'help.shortcuts': () => (commands.helpOpen = true),
  });
};

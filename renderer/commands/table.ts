/** Everything that a person can do by name or by key. Tooltips, the palette and the help all read this one table. */
export const commands = [
  { id: 'clock.toggle', title: 'Play or pause', group: 'Time', keys: ['Space'] },
  { id: 'clock.previousFrame', title: 'Previous frame', group: 'Time', keys: ['ArrowLeft'] },
  { id: 'clock.nextFrame', title: 'Next frame', group: 'Time', keys: ['ArrowRight'] },
  { id: 'clock.secondBack', title: 'Back one second', group: 'Time', keys: ['Shift+ArrowLeft'] },
  { id: 'clock.secondForward', title: 'Forward one second', group: 'Time', keys: ['Shift+ArrowRight'] },
  { id: 'clock.previousKeyframe', title: 'Previous keyframe', group: 'Time', keys: ['['] },
  { id: 'clock.nextKeyframe', title: 'Next keyframe', group: 'Time', keys: [']'] },
  { id: 'clock.start', title: 'Go to the start', group: 'Time', keys: ['Home'] },
  { id: 'clock.end', title: 'Go to the end', group: 'Time', keys: ['End'] },
  { id: 'clock.slower', title: 'Play slower', group: 'Time', keys: ['J'] },
  { id: 'clock.pause', title: 'Pause', group: 'Time', keys: ['K'] },
  { id: 'clock.faster', title: 'Play, or play faster', group: 'Time', keys: ['L'] },
  { id: 'timeline.fit', title: 'Show the whole session in the timeline', group: 'Time', keys: ['0'] },
  { id: 'selection.back', title: 'Back to the previous selection', group: 'Selection', keys: ['Alt+ArrowLeft'] },
  { id: 'selection.forward', title: 'Forward to the next selection', group: 'Selection', keys: ['Alt+ArrowRight'] },
  { id: 'selection.clear', title: 'Clear the selection', group: 'Selection', keys: ['Escape'] },
  { id: 'scene.flyTo', title: 'Fly to the selection', group: '3D', keys: ['F'] },
  { id: 'scene.orbit', title: 'Orbit the scene', group: '3D', keys: [] },
  { id: 'scene.fly', title: 'Fly through the scene (W A S D, Q E)', group: '3D', keys: [] },
  { id: 'scene.follow', title: 'Follow the camera', group: '3D', keys: ['C'] },
  { id: 'scene.reset', title: 'Reset the 3D view', group: '3D', keys: ['R'] },
  { id: 'map.box', title: 'Select a part of the map by a box', group: 'Map', keys: ['M'] },
  { id: 'map.lasso', title: 'Select a part of the map by a lasso', group: 'Map', keys: ['Shift+M'] },
  { id: 'map.measure', title: 'Tell a known length', group: 'Map', keys: ['U'] },
  { id: 'map.floor', title: 'Click the floor to level the scene', group: 'Map', keys: ['G'] },
  { id: 'map.delete', title: 'Delete the selected part of the map', group: 'Map', keys: ['Delete'] },
  { id: 'edit.undo', title: 'Undo the last edit', group: 'Map', keys: ['Ctrl+Z'] },
  { id: 'edit.redo', title: 'Redo', group: 'Map', keys: ['Ctrl+Y', 'Ctrl+Shift+Z'] },
  { id: 'view.boxes', title: 'Show or hide boxes in the video', group: 'View', keys: ['B'] },
  { id: 'view.objectsInVideo', title: 'Show or hide 3D objects in the video', group: 'View', keys: ['O'] },
  { id: 'view.moving', title: 'Show or hide what moves, in keyframes', group: 'View', keys: ['V'] },
  { id: 'view.theme', title: 'Switch between dark and light', group: 'View', keys: ['T'] },
  { id: 'panel.lists', title: 'Go to the lists', group: 'Panels', keys: ['1'] },
  { id: 'panel.video', title: 'Go to the video', group: 'Panels', keys: ['2'] },
  { id: 'panel.scene', title: 'Go to the 3D view', group: 'Panels', keys: ['3'] },
  { id: 'panel.ask', title: 'Go to the questions', group: 'Panels', keys: ['4'] },
  { id: 'ask.focus', title: 'Ask a question', group: 'Panels', keys: ['/'] },
  { id: 'ingest.open', title: 'Ingest a recording', group: 'Library', keys: ['I'] },
  { id: 'library.refresh', title: 'Read the library again', group: 'Library', keys: [] },
  { id: 'palette.open', title: 'Search or run a command', group: 'Help', keys: ['Ctrl+K'] },
  { id: 'help.shortcuts', title: 'Show the keys', group: 'Help', keys: ['?'] },
] as const satisfies readonly { id: string; title: string; group: string; keys: readonly string[] }[];

/** Names one command. */
export type CommandId = (typeof commands)[number]['id'];

/** One row of the table. */
export interface Command {
  readonly id: CommandId;
  readonly title: string;
  readonly group: string;
  readonly keys: readonly string[];
}

const byId = new Map<CommandId, Command>(commands.map((command) => [command.id, command]));

/** The row of one command. */
export const commandOf = (id: CommandId): Command => {
  const command = byId.get(id);
  if (!command) {
    throw new Error(`No command ${id}`);
  }
  return command;
};

/** Anything that can be selected. What has a time stamp can be jumped to, what has a place can be flown to. */
export type Selection =
  | { readonly kind: 'frame'; readonly sessionId: string; readonly ptsMicros: number }
  | { readonly kind: 'keyframe'; readonly sessionId: string; readonly ptsMicros: number }
  | { readonly kind: 'episodic'; readonly sessionId: string; readonly ptsMicros: number; readonly entryId: string }
  | { readonly kind: 'object'; readonly objectId: string }
  | { readonly kind: 'answer'; readonly questionId: string };

/** Two selections of the same thing have the same key. */
export const selectionKey = (selection: Selection): string => {
  switch (selection.kind) {
    case 'object':
      return `object ${selection.objectId}`;
    case 'answer':
      return `answer ${selection.questionId}`;
    case 'episodic':
      return `episodic ${selection.entryId}`;
    default:
      return `${selection.kind} ${selection.sessionId}@${selection.ptsMicros}`;
  }
};

/** Whether a selection is this object. */
export const isObject = (selection: Selection | undefined, objectId: string): boolean =>
  selection?.kind === 'object' && selection.objectId === objectId;

/** Whether a selection is at this moment of this session: a frame, a keyframe or an episodic entry. */
export const isMoment = (selection: Selection | undefined, sessionId: string, ptsMicros: number): boolean =>
  selection !== undefined &&
  'ptsMicros' in selection &&
  selection.sessionId === sessionId &&
  selection.ptsMicros === ptsMicros;

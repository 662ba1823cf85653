import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { levelRequestSchema, mapEditSchema, revisionSchema, scaleRequestSchema } from './edit.ts';
import { lociErrorSchema } from './errors.ts';
import { ingestRequestSchema, jobSchema } from './job.ts';
import { projectionEventSchema, projectionRequestSchema } from './projection.ts';
import { askedQuestionSchema } from './question.ts';
import {
  labelDocumentSchema,
  labelReportSchema,
  observationSchema,
  relationSchema,
  sceneDocumentSchema,
  sceneObjectSchema,
} from './scene.ts';
import { environmentSchema, keyframeSchema, memoryTimelineSchema, sessionSchema } from './session.ts';

/** Every call can fail with a `LociError`; it travels as the data of this one error. */
const call = oc.errors({ LOCI: { status: 422, data: lociErrorSchema } });

const environmentInput = z.object({ environment: z.string() });
const sessionInput = z.object({ sessionId: z.string() });

/** The engine as seen by the window: `version` and `libraryPath` for the header, `readOnly` to grey out what writes. */
export const healthSchema = z.object({ version: z.string(), libraryPath: z.string(), readOnly: z.boolean() });
export type Health = z.infer<typeof healthSchema>;

/**
 * Whether the session can be played: `ready` means that `binaryPaths.video` serves it by byte range. A source that a
 * browser cannot play (a folder of images, a codec that it lacks) is encoded once, on first use.
 */
export const previewSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('ready') }),
  z.object({ state: z.literal('preparing'), share: z.number().min(0).max(1) }),
  z.object({ state: z.literal('unavailable'), error: lociErrorSchema }),
]);
export type Preview = z.infer<typeof previewSchema>;

/** What changed in the library, so that an open window can read it again. */
export const libraryChangeSchema = z.object({
  what: z.enum(['sessions', 'objects', 'questions']),
  environment: z.string(),
  sessionId: z.string().optional(),
});
export type LibraryChange = z.infer<typeof libraryChangeSchema>;

/** The one typed boundary between the engine and whatever shows it. Binary data goes beside it (`binary.ts`). */
export const contract = {
  health: call.output(healthSchema),
  environments: { list: call.output(z.array(environmentSchema)) },
  sessions: {
    list: call.input(z.object({ environment: z.string().optional() })).output(z.array(sessionSchema)),
    get: call.input(sessionInput).output(sessionSchema),
    preview: call.input(sessionInput).output(previewSchema),
    /** Rescales the session, and all that shares its world, as one revision. */
    scale: call.input(sessionInput.extend({ request: scaleRequestSchema })).output(revisionSchema),
    /** Turns the session, and all that shares its world, so that its floor is level, as one revision. */
    level: call.input(sessionInput.extend({ request: levelRequestSchema })).output(revisionSchema),
  },
  keyframes: { list: call.input(sessionInput).output(z.array(keyframeSchema)) },
  memory: { timeline: call.input(sessionInput).output(memoryTimelineSchema) },
  objects: { list: call.input(environmentInput).output(z.array(sceneObjectSchema)) },
  observations: { list: call.input(sessionInput).output(z.array(observationSchema)) },
  relations: { list: call.input(environmentInput).output(z.array(relationSchema)) },
  questions: {
    ask: call.input(environmentInput.extend({ question: z.string() })).output(askedQuestionSchema),
    history: call.input(environmentInput).output(z.array(askedQuestionSchema)),
  },
  labels: {
    import: call.input(sessionInput.extend({ document: labelDocumentSchema })).output(labelReportSchema),
  },
  map: {
    /** Changes the map that a session shows, and its objects, as one revision. */
    edit: call.input(sessionInput.extend({ edit: mapEditSchema })).output(revisionSchema),
  },
  revisions: {
    /** Every step of an environment's edit log, oldest first. */
    list: call.input(environmentInput).output(z.array(revisionSchema)),
    undo: call.input(environmentInput).output(revisionSchema),
    redo: call.input(environmentInput).output(revisionSchema),
  },
  scene: {
    export: call.input(environmentInput).output(sceneDocumentSchema),
    import: call.input(z.object({ document: sceneDocumentSchema })).output(z.object({ objects: z.int() })),
  },
  /** Renders the map along a camera path and tells how far it is; to stop listening is to cancel. */
  projections: { make: call.input(projectionRequestSchema).output(eventIterator(projectionEventSchema)) },
  jobs: {
    start: call.input(ingestRequestSchema).output(jobSchema),
    list: call.output(z.array(jobSchema)),
    cancel: call.input(z.object({ jobId: z.string() })).output(jobSchema),
    /** Every change of every job, beginning with the present state of each. */
    watch: call.output(eventIterator(jobSchema)),
  },
  /** Tells of every write, so that lists and views stay true. */
  changes: { watch: call.output(eventIterator(libraryChangeSchema)) },
};

import './quiet-logs.ts';
import { connect, Session } from '@lancedb/lancedb';
import type { Connection } from '@lancedb/lancedb';

// LanceDB's own limits are 6 GB and 1 GB. Every commit leaves a description of the whole table in the metadata cache,
// which shows as a leak in a long ingest: 400 small commits took 110 MB without these limits and 15 MB with them.
const indexCacheBytes = 256n << 20n;
const metadataCacheBytes = 16n << 20n;

/**
 * Connects to the LanceDB tables in `folder`. Every read checks for a newer version first, so that a handle never
 * answers from a state that another process has moved on from.
 */
export const connectTables = (folder: string): Promise<Connection> =>
  connect(folder, {
    readConsistencyInterval: 0,
    // Version 0.39 takes a session as a third argument too, and ignores it there.
    session: new Session(indexCacheBytes, metadataCacheBytes),
  });

import './quiet-logs.ts';
import { connect, Session } from '@lancedb/lancedb';
import type { Connection } from '@lancedb/lancedb';

// LanceDB's own default lets the index cache grow to 6 GB, which shows as a leak on a laptop.
const indexCacheBytes = 256n << 20n;
const metadataCacheBytes = 64n << 20n;

/**
 * Connects to the LanceDB tables in `folder`. Every read checks for a newer version first, so that a handle never
 * answers from a state that another process has moved on from.
 */
export const connectTables = (folder: string): Promise<Connection> =>
  connect(folder, { readConsistencyInterval: 0 }, new Session(indexCacheBytes, metadataCacheBytes));

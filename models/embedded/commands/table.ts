import type { Handler } from './command.ts';
import { aggregate } from './aggregate.ts';
import { collStats, create, dbStats, drop, dropDatabase, listCollections, listDatabases } from './collections.ts';
import { count, distinct } from './count.ts';
import { getMore, killCursors } from './cursor-commands.ts';
import { deleteDocuments } from './delete.ts';
import { explain } from './explain.ts';
import { find } from './find.ts';
import { findAndModify } from './find-and-modify.ts';
import {
  buildInfo,
  connectionStatus,
  getLog,
  getParameter,
  hello,
  hostInfo,
  ping,
  serverStatus,
  whatsmyuri,
} from './handshake.ts';
import { createIndexes, dropIndexes, listIndexes } from './indexes.ts';
import { insert } from './insert.ts';
import { update } from './update.ts';

/** Every command this server answers; all others are CommandNotFound (59). */
export const commands: Readonly<Record<string, Handler>> = {
  hello,
  isMaster: hello,
  ismaster: hello,
  ping,
  buildInfo,
  buildinfo: buildInfo,
  getParameter,
  connectionStatus,
  whatsmyuri,
  getLog,
  hostInfo,
  serverStatus,
  endSessions: ping,
  refreshSessions: ping,
  find,
  getMore,
  killCursors,
  aggregate,
  count,
  distinct,
  insert,
  update,
  delete: deleteDocuments,
  findAndModify,
  findandmodify: findAndModify,
  explain,
  create,
  drop,
  dropDatabase,
  createIndexes,
  listIndexes,
  dropIndexes,
  deleteIndexes: dropIndexes,
  listCollections,
  listDatabases,
  collStats,
  collstats: collStats,
  dbStats,
  dbstats: dbStats,
};

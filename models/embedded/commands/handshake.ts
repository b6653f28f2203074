import { Long } from 'bson';
import { maxDocumentBytes, maxMessageBytes, maxWriteBatch } from '../codec.ts';
import type { Engine } from '../engine.ts';
import type { Reply } from '../reply.ts';
import type { Command } from './command.ts';

const version = '7.0.0';

/** hello, isMaster: a standalone server of MongoDB 7.0's wire version. https://www.mongodb.com/docs/manual/reference/command/hello/ */
export function hello(_engine: Engine, command: Command): Reply {
  return {
    ...(command.name === 'hello' ? { isWritablePrimary: true } : { ismaster: true }),
    helloOk: true,
    maxBsonObjectSize: maxDocumentBytes,
    maxMessageSizeBytes: maxMessageBytes,
    maxWriteBatchSize: maxWriteBatch,
    localTime: new Date(),
    logicalSessionTimeoutMinutes: 30,
    connectionId: command.connectionId,
    minWireVersion: 0,
    maxWireVersion: 21,
    readOnly: false,
    ok: 1,
  };
}

export function ping(): Reply {
  return { ok: 1 };
}

export function buildInfo(): Reply {
  return {
    version,
    versionArray: version.split('.').map(Number).concat(0),
    gitVersion: 'shuni-embedded',
    modules: [],
    allocator: 'system',
    javascriptEngine: 'none',
    sysInfo: 'deprecated',
    bits: 64,
    debug: false,
    maxBsonObjectSize: maxDocumentBytes,
    storageEngines: ['lmdb'],
    ok: 1,
  };
}

export function getParameter(_engine: Engine, { body }: Command): Reply {
  return 'featureCompatibilityVersion' in body ? { featureCompatibilityVersion: { version: '7.0' }, ok: 1 } : { ok: 1 };
}

export function connectionStatus(): Reply {
  return { authInfo: { authenticatedUsers: [], authenticatedUserRoles: [] }, ok: 1 };
}

export function whatsmyuri(_engine: Engine, { connectionId }: Command): Reply {
  return { you: `127.0.0.1:${connectionId}`, ok: 1 };
}

export function getLog(): Reply {
  return { totalLinesWritten: 0, log: [], ok: 1 };
}

export function hostInfo(): Reply {
  return { system: { currentTime: new Date(), hostname: 'localhost' }, os: {}, extra: {}, ok: 1 };
}

export function serverStatus(engine: Engine): Reply {
  const uptimeMillis = Date.now() - engine.startedAt;
  return {
    host: 'localhost',
    version,
    process: 'shuni-embedded',
    pid: Long.fromNumber(process.pid),
    uptime: Math.floor(uptimeMillis / 1000),
    uptimeMillis: Long.fromNumber(uptimeMillis),
    localTime: new Date(),
    metrics: { cursor: { open: { total: Long.fromNumber(engine.cursors.size) } } },
    mem: { resident: Math.round(process.memoryUsage.rss() / 1048576) },
    ok: 1,
  };
}

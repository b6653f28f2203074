import { findOrLaunch } from './launch.ts';
import { findMongod, keeperSocket, prefersMongod } from './mongod.ts';
import { placesIn, uriOf } from './places.ts';

export interface EmbeddedOptions {
  /** The folder for the data; made when missing, private to its owner. */
  readonly dataDir: string;
  /** Opens the database on this loopback port too; unset, only the owner's processes reach it. */
  readonly port?: number | undefined;
  readonly log?: ((message: string) => void) | undefined;
  /** How long the server waits after its last client, in milliseconds. */
  readonly idleMs?: number | undefined;
}

export interface EmbeddedDatabase {
  /** For mongoose, the driver or mongosh; without a database name. */
  readonly uri: string;
  /** Lets go of the server, which ends by itself some seconds after nobody uses it. */
  close(): Promise<void>;
}

/**
 * The database of a machine without MONGODB_URI: a mongod found on PATH with its own folder, else our embedded server. Connects to the
 * one already running on the folder, or starts it as a process of its own that outlives this one while another uses it.
 */
export async function startEmbedded({ dataDir, port, log, idleMs }: EmbeddedOptions): Promise<EmbeddedDatabase> {
  const mongod = findMongod(process.env['PATH']);
  const useMongod = prefersMongod(mongod, dataDir);
  const places = placesIn(dataDir, useMongod ? 'mongod' : 'db');
  const common = [
    '--dir',
    dataDir,
    ...(port === undefined ? [] : ['--port', String(port)]),
    ...(idleMs === undefined ? [] : ['--idle', String(idleMs)]),
  ];
  const hold = await findOrLaunch(
    useMongod
      ? { places, socket: keeperSocket(places), entry: 'mongod-main', args: [...common, '--mongod', mongod], log }
      : { places, socket: places.socket, entry: 'main', args: [...common, '--parent'], log },
  );
  hold.unref();
  return {
    uri: uriOf({ socket: places.socket }),
    close: () =>
      new Promise((resolve) => {
        if (hold.destroyed) {
          resolve();
          return;
        }
        hold.once('close', () => {
          resolve();
        });
        hold.destroy();
      }),
  };
}

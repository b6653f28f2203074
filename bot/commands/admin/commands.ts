import { backup } from './backup.ts';
import type { AdminCommand } from './command.ts';
import { erase } from './erase.ts';
import { exportCommand } from './export.ts';
import { handBack } from './hand-back.ts';
import { importServices } from './import-services.ts';
import { importCommand } from './import.ts';
import { restore } from './restore.ts';
import { rotateKeys } from './rotate-keys.ts';
import { verify } from './verify.ts';
import { waiting } from './waiting.ts';

/** Every administration command. A new one is a file and a line here. */
export const commands: readonly AdminCommand[] = [
  importServices,
  exportCommand,
  importCommand,
  backup,
  restore,
  erase,
  verify,
  rotateKeys,
  waiting,
  handBack,
];

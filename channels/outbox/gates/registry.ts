import { addressUnreachable } from './address-unreachable.ts';
import { erased } from './erased.ts';
import { expired } from './expired.ts';
import { SEND, type Gate, type GateFacts, type Verdict } from './gate.ts';
import { optedOut } from './opted-out.ts';
import { personHolds } from './person-holds.ts';
import { quietHours } from './quiet-hours.ts';
import { freeTextWindow } from './window.ts';

/** Every gate, in the order asked. A new reason not to send is a file and a line here, or a line where the outbox is made. */
export const GATES: readonly Gate[] = [
  erased,
  expired,
  optedOut,
  personHolds,
  addressUnreachable,
  freeTextWindow,
  quietHours,
];

/** The first verdict against sending; else a template when one is called for; else send. */
export function passGates(gates: readonly Gate[], facts: GateFacts): Verdict {
  let verdict = SEND;
  for (const gate of gates) {
    const said = gate.check(facts);
    if (said.kind === 'template') verdict = said;
    else if (said.kind !== 'send') return said;
  }
  return verdict;
}

import type { Check, Violation, World } from './check.ts';
import { feedback } from './feedback.ts';
import { inbound } from './inbound.ts';
import { logs } from './logs.ts';
import { media } from './media.ts';
import { optOut } from './opt-out.ts';
import { order } from './order.ts';
import { outbound } from './outbound.ts';
import { verify } from './verify.ts';

/** Every promise a run is judged by. */
const CHECKS: readonly Check[] = [inbound, outbound, order, feedback, media, optOut, logs, verify];

/** Every violation, check by check. A check that cannot be made is a violation too. */
export async function judge(world: World): Promise<Violation[]> {
  const violations: Violation[] = [];
  for (const check of CHECKS) {
    try {
      for (const found of await check.run(world)) violations.push({ check: check.name, ...found });
    } catch (error) {
      violations.push({
        check: check.name,
        id: '',
        what: `could not be checked: ${error instanceof Error ? (error.stack ?? '') : String(error)}`,
      });
    }
  }
  return violations;
}

import type { TwilioDouble } from '../support/twilio-double/double.ts';
import type { CallbackPlan } from '../support/twilio-double/callbacks.ts';
import { Faults, type Fault, type Target } from '../support/twilio-double/faults.ts';
import type { Random } from './random.ts';

type Draw = readonly [share: number, fault: (random: Random) => Fault];

const busy = (): Fault => ({ kind: 'error-before', status: 429, code: 20429, retryAfter: '1' });
const broken = (): Fault => ({ kind: 'error-before', status: 500 });
const slow = (random: Random): Fault => ({ kind: 'delay', ms: Math.round(random.between(30, 1400)) });

/** What goes wrong at the provider, in which share of requests. Delays reach beyond what a send may take. */
const DRAWS: Readonly<Record<Target, readonly Draw[]>> = {
  create: [
    [0.03, () => ({ kind: 'drop-before' })],
    [0.03, () => ({ kind: 'drop-after' })],
    [0.02, broken],
    [0.02, () => ({ kind: 'error-after', status: 500 })],
    [0.02, () => ({ kind: 'garbled' })],
    [0.02, () => ({ kind: 'no-sid' })],
    [0.02, busy],
    [0.01, () => ({ kind: 'error-before', status: 503, retryAfter: '2' })],
    [0.08, slow],
  ],
  list: [
    [0.05, () => ({ kind: 'drop-before' })],
    [0.05, broken],
    [0.03, busy],
  ],
  media: [
    [0.06, broken],
    [0.04, () => ({ kind: 'drop-before' })],
    [0.06, () => ({ kind: 'error-before', status: 404, code: 20404 })],
    [0.05, slow],
  ],
  content: [
    [0.05, broken],
    [0.03, busy],
  ],
};

const STATUSES: readonly [share: number, statuses: string[]][] = [
  [0.62, ['queued', 'sent', 'delivered']],
  [0.12, ['queued', 'sent', 'delivered', 'read']],
  [0.1, ['delivered', 'queued', 'sent']],
  [0.1, ['sent', 'delivered', 'queued']],
  [0.04, ['sent', 'undelivered']],
];

/** A carrier's own failure, without a reason: nothing follows from it for anybody. */
const UNKNOWN_ERROR = '30008';

/** The provider on a bad day: faults by chance for every kind of request, and callbacks in any order, early, late and twice. */
export class Weather extends Faults {
  /** How often each fault struck. */
  readonly struck: Record<string, number> = {};
  double: TwilioDouble | undefined;
  private readonly random: Random;
  private calm = false;

  constructor(random: Random) {
    super();
    this.random = random;
  }

  /** From here on everything works. */
  clearUp(): void {
    this.calm = true;
  }

  override take(target: Target): Fault | null {
    // Before each creation: how it will be called back.
    if (target === 'create' && this.double) this.double.callbacks = this.callbacks();
    if (this.calm) return null;
    const fault = this.drawn(DRAWS[target]);
    if (fault && this.saysGone(fault)) return null;
    if (fault) this.count(target, fault);
    return fault;
  }

  /** "Not there" is what media answer that are not there yet; to a removal it would mean that nothing is left to remove. */
  private saysGone(fault: Fault): boolean {
    return 'status' in fault && fault.status === 404 && this.double?.requests.at(-1)?.method === 'DELETE';
  }

  private drawn(draws: readonly Draw[]): Fault | null {
    const draw = this.random();
    let reached = 0;
    for (const [share, fault] of draws) {
      reached += share;
      if (draw < reached) return fault(this.random);
    }
    return null;
  }

  private callbacks(): CallbackPlan | null {
    const draw = this.random();
    let reached = 0;
    for (const [share, statuses] of STATUSES) {
      reached += share;
      if (draw >= reached) continue;
      const early = this.random.chance(0.3);
      const delayMs = Math.round(
        this.random.chance(0.2) ? this.random.between(300, 1500) : this.random.between(1, 150),
      );
      return { statuses, delayMs, early, doubled: this.random.chance(0.2), errorCode: UNKNOWN_ERROR };
    }
    return null;
  }

  private count(target: Target, fault: Fault): void {
    const name = `${target} ${fault.kind}${'status' in fault ? ` ${fault.status}` : ''}`;
    this.struck[name] = (this.struck[name] ?? 0) + 1;
  }
}

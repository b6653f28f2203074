/** Every duration of the outbox, in ms. Tests and soak runs scale them; production uses these. */
export interface Timings {
  /** From claim to settle. Longer than sending may take, plus what clocks of two processes may differ. */
  lease: number;
  /** When an attempt is aborted; its fate is then unknown. */
  send: number;
  /** How long after the abort the channel may take to say so. */
  abortGrace: number;
  /** Between two sweeps for what no wake was for. */
  sweep: number;
  /** How long a due row is left to whoever enqueued it before a sweep takes it up. */
  sweepGrace: number;
  /** Back-off of attempts that certainly did not leave: first and longest. */
  retryFirst: number;
  retryLongest: number;
  /** The longest Retry-After that is believed. */
  retryAfterLongest: number;
  /** Unknown fate: from the attempt to the first look in the provider's records (spec: 45 s) and to the decision (spec: 2 min). */
  findAfter: number;
  decideAfter: number;
  /** From the attempt until a fate that cannot be looked up is decided all the same. */
  giveUpAfter: number;
  /** How long one process has to reconcile a row before another may try. */
  reconcile: number;
  /** A blocked sender: until the first probe, and the longest wait between probes. */
  breakerFirst: number;
  breakerLongest: number;
  /** Between attempts to write down what became of a message. */
  settleRetry: number;
  /** How long a receipt waits for its message (spec: 24 h), and between looks. */
  park: number;
  parkRetry: number;
  /** How long stopping waits for what is being sent. */
  drain: number;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

export const DEFAULT_TIMINGS: Timings = {
  lease: 60 * SECOND,
  send: 20 * SECOND,
  abortGrace: 2 * SECOND,
  sweep: SECOND,
  sweepGrace: 1.5 * SECOND,
  retryFirst: SECOND,
  retryLongest: 5 * MINUTE,
  retryAfterLongest: HOUR,
  findAfter: 45 * SECOND,
  decideAfter: 2 * MINUTE,
  giveUpAfter: 15 * MINUTE,
  reconcile: 30 * SECOND,
  breakerFirst: 30 * SECOND,
  breakerLongest: 10 * MINUTE,
  settleRetry: 200,
  park: 24 * HOUR,
  parkRetry: 2 * SECOND,
  drain: 25 * SECOND,
};

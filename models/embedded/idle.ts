/** Ends a server some time after its last client has gone, so that nothing is left running. */
export class IdleWatch {
  readonly #afterLastMs: number;
  readonly #end: () => void;
  #timer: NodeJS.Timeout;

  /** `neverMs` is how long to wait for a first client, `afterLastMs` how long after the last one left. */
  constructor(neverMs: number, afterLastMs: number, end: () => void) {
    this.#afterLastMs = afterLastMs;
    this.#end = end;
    this.#timer = setTimeout(end, neverMs);
  }

  clients(count: number): void {
    clearTimeout(this.#timer);
    if (count === 0) this.#timer = setTimeout(this.#end, this.#afterLastMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}

/** Consecutive attempts that did not get through before the sender is left alone for a while. */
const STUMBLES = 5;

/**
 * Whether a sender may be used just now. Closed: freely. Open: not before `until`. Then one probe at a time decides.
 * Each process has its own; the rows it keeps back stay in the queue. Times in ms since the epoch.
 */
export class Breaker {
  private readonly first: number;
  private readonly longest: number;
  private until = 0;
  private trips = 0;
  private stumbles = 0;
  private probing = false;
  private tripped = false;

  /** @param first how long the first opening lasts (ms); each next one twice as long, up to `longest` */
  constructor(first: number, longest: number) {
    this.first = first;
    this.longest = longest;
  }

  /** Whether trying is pointless now. */
  closedTo(now: number): boolean {
    return this.until > 0 && (this.probing || now < this.until);
  }

  /** Asks for leave to try once; whoever gets it reports with one of the methods below. */
  admit(now: number): boolean {
    if (this.closedTo(now)) return false;
    this.probing = this.until > 0;
    return true;
  }

  /** Nothing was tried after all. */
  abstained(): void {
    this.probing = false;
  }

  /** The provider took it, or refused it for a reason that is not the sender's. True when the sender had been blocked. */
  worked(): boolean {
    const recovered = this.tripped;
    this.until = 0;
    this.trips = 0;
    this.stumbles = 0;
    this.probing = false;
    this.tripped = false;
    return recovered;
  }

  /** The provider takes nothing from this sender. Returns until when to leave it, and whether this is news. */
  blocked(now: number): { until: number; news: boolean } {
    const news = !this.tripped;
    this.open(now, Math.min(this.longest, this.first * 2 ** Math.min(this.trips, 30)));
    this.trips++;
    this.tripped = true;
    return { until: this.until, news };
  }

  /** It did not get through for now. After several in a row, or when the provider names a time, the sender pauses. */
  stumbled(now: number, retryAfter: number | undefined, pause: number): void {
    this.stumbles++;
    if (retryAfter !== undefined) this.open(now, retryAfter);
    else if (this.until > 0 || this.stumbles >= STUMBLES) this.open(now, pause);
    this.probing = false;
  }

  /** Nobody knows whether it got through: no sign that the sender works. */
  unclear(now: number): void {
    if (this.until > 0) this.open(now, this.first);
  }

  private open(now: number, ms: number): void {
    this.until = Math.max(this.until, now + ms);
    this.probing = false;
  }
}

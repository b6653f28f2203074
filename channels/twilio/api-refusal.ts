/** An answer of the REST API other than 2xx: what the outcome depends on, and nothing that could hold a number or a text. */
export class ApiRefusal extends Error {
  readonly status: number;
  /** Twilio's error code from the body, when it could be read. */
  readonly code: string | undefined;
  /** The Retry-After header as sent. */
  readonly retryAfter: string | undefined;

  constructor(status: number, code: string | undefined, retryAfter: string | undefined) {
    super(`twilio answered ${status}`);
    this.name = 'ApiRefusal';
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

/** Most questions put together; more wait for the next round. */
const LIMIT = 200;

interface Asked<Q, A> {
  question: Q;
  resolve: (answer: A) => void;
  reject: (error: unknown) => void;
}

/**
 * Turns many questions into few: what is asked while an answer is under way is asked together, in one command, once it is
 * there. Whoever asks alone waits for nobody, and every answer is younger than its question.
 */
export class Gather<Q, A> {
  private readonly answer: (questions: readonly Q[]) => Promise<readonly A[]>;
  private waiting: Asked<Q, A>[] = [];
  private busy = false;

  /** @param answer answers several questions, in their order; when it rejects, all of them do */
  constructor(answer: (questions: readonly Q[]) => Promise<readonly A[]>) {
    this.answer = answer;
  }

  async ask(question: Q): Promise<A> {
    return new Promise<A>((resolve, reject) => {
      this.waiting.push({ question, resolve, reject });
      if (this.busy) return;
      this.busy = true;
      setImmediate(() => void this.work());
    });
  }

  private async work(): Promise<void> {
    while (this.waiting.length > 0) await this.round(this.waiting.splice(0, LIMIT));
    this.busy = false;
  }

  private async round(asked: Asked<Q, A>[]): Promise<void> {
    try {
      const answers = await this.answer(asked.map(({ question }) => question));
      for (const [i, { resolve }] of asked.entries()) resolve(answers[i] as A);
    } catch (error) {
      for (const { reject } of asked) reject(error);
    }
  }
}

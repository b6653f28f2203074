import type { Condition, Option, Pathway, Question } from './pathways.ts';
import type { DialogState } from './turn.ts';

/** What conditions may look at beside the answers. */
export interface Circumstances {
  short: boolean;
}

/** The first question of the pathway that is still without an answer; null when all is known. Never a position. */
export function nextQuestion(state: DialogState, pathway: Pathway, circumstances: Circumstances): Question | null {
  return pathway.questions.find((each) => applies(each, state, circumstances) && isMissing(each, state)) ?? null;
}

/** Whether a question or option fits what is known so far. */
export function applies(
  each: Pick<Question | Option, 'when'>,
  state: DialogState,
  circumstances: Circumstances,
): boolean {
  return each.when.every((condition) => holds(condition, state, circumstances));
}

function isMissing(question: Question, state: DialogState): boolean {
  if (question.kind === 'language') return state.language === undefined;
  if (question.purpose === 'store') return state.consent !== 'given';
  return state.answers[question.id] === undefined;
}

function holds(condition: Condition, state: DialogState, { short }: Circumstances): boolean {
  if ('short' in condition) return condition.short === short;
  if ('started' in condition) return condition.started === (state.started ?? false);
  if ('serviceKind' in condition) return kindFits(condition.serviceKind, serviceKind(state));
  const values = valuesOf(state, condition.question);
  if ('is' in condition) return condition.is.some((value) => values.includes(value));
  return !condition.isNot.some((value) => values.includes(value));
}

/** A service of unknown kind excludes nothing. */
function kindFits(rule: { in: string[] } | { notIn: string[] }, kind: string | undefined): boolean {
  if ('in' in rule) return kind !== undefined && rule.in.includes(kind);
  return kind === undefined || !rule.notIn.includes(kind);
}

function serviceKind(state: DialogState): string | undefined {
  return Object.values(state.answers).find((answer) => answer.kind === 'service')?.serviceKind;
}

function valuesOf(state: DialogState, question: string): string[] {
  const answer = state.answers[question];
  return answer?.kind === 'choices' ? answer.values : [];
}

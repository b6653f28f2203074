import type { Command, CommandMatch } from '../languages/commands.ts';
import { ask, askOnceMore, changeLanguage, proceed } from './ask.ts';
import { keep, rest } from './asides.ts';
import { beginAnother, record } from './experience.ts';
import { openUp } from './opening.ts';
import type { Question } from './pathways.ts';
import { emit, findQuestion, say, type Scene } from './scene.ts';
import type { Asked } from './turn.ts';
import { takeUnclear } from './unclear.ts';

/** What each word does that works at any time (spec: intake.md). STOP never comes this far: opt-out.ts takes it. */
const COMMANDS: Readonly<Record<Exclude<Command, 'stop'>, (scene: Scene, match: CommandMatch) => void>> = {
  start: startAnyway,
  help,
  who,
  again,
  language,
  back,
  skip,
  new: another,
  person,
  delete: askToErase,
};

export function obey(scene: Scene, match: CommandMatch): void {
  if (match.command !== 'stop') COMMANDS[match.command](scene, match);
}

/** START from someone who never said STOP: they want to begin, or to see the question. */
function startAnyway(scene: Scene): void {
  if (scene.state.asked) askOnceMore(scene);
  else openUp(scene);
}

function help(scene: Scene): void {
  say(scene, 'commands.help');
}

function who(scene: Scene): void {
  say(scene, 'commands.who', { link: scene.world.privacyUrl });
}

function again(scene: Scene): void {
  if (scene.state.asked) askOnceMore(scene);
  else if (scene.state.ended || scene.state.consent === 'declined') say(scene, 'commands.wait');
  else proceed(scene);
}

function language(scene: Scene, { language: named }: CommandMatch): void {
  const { state, parts } = scene;
  const question = findQuestion(scene, 'language');
  if (named === undefined) {
    if (question) ask(scene, question, { variant: 'choose' });
    return;
  }
  const known = state.language !== undefined;
  changeLanguage(scene, named, 'resident');
  if (known && parts.catalogue.languages.includes(named)) say(scene, 'language.changed');
  if (state.asked && state.asked.question !== 'language') {
    askOnceMore(scene);
    return;
  }
  delete state.asked;
  if (!state.ended && state.consent !== 'declined') proceed(scene);
}

/** Asks the question before once more, with what was said to it. */
function back(scene: Scene): void {
  const { state } = scene;
  const previous = findQuestion(scene, state.trail.at(-1));
  state.trail = state.trail.slice(0, -1);
  if (!previous) {
    say(scene, 'commands.back-none');
    if (state.asked) askOnceMore(scene);
    return;
  }
  const kind = state.answers[previous.id]?.kind;
  const said = kind === undefined ? previous.purpose === 'store' : kind !== 'skipped' && kind !== 'unclear';
  ask(scene, previous, { variant: said ? 'back' : 'ask', revisit: true });
}

/** Leaves the standing question out. */
function skip(scene: Scene): void {
  const { asked, ended, consent } = scene.state;
  const question = findQuestion(scene, asked?.question);
  if (asked && question) skipQuestion(scene, question, asked);
  else if (!ended && consent !== 'declined') proceed(scene);
}

/** After BACK the answer stays as it is; a question that must be answered is asked in other words. */
function skipQuestion(scene: Scene, question: Question, asked: Asked): void {
  if (question.id === 'else') rest(scene);
  else if (question.id === 'delete') keep(scene);
  else if (asked.revisit) keepAnswer(scene, question);
  else if (question.kind === 'language') skipLanguage(scene);
  else if (!question.skippable) takeUnclear(scene, question, asked, false);
  else {
    record(scene, question, { kind: 'skipped' });
    proceed(scene);
  }
}

function keepAnswer(scene: Scene, { id }: Question): void {
  scene.state.trail = [...scene.state.trail, id];
  proceed(scene);
}

function skipLanguage(scene: Scene): void {
  if (scene.state.language === undefined)
    changeLanguage(scene, scene.parts.catalogue.languages[0] ?? 'eng', 'detected');
  proceed(scene);
}

function another(scene: Scene): void {
  if (scene.state.consent !== 'given') {
    openUp(scene);
    return;
  }
  beginAnother(scene);
  proceed(scene, 'next');
}

function person(scene: Scene): void {
  emit(scene, { type: 'person-requested' });
  say(scene, 'commands.person');
}

function askToErase(scene: Scene): void {
  const question = findQuestion(scene, 'delete');
  if (question) ask(scene, question, { variant: 'ask' });
}

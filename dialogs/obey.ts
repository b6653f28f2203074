import type { Command, CommandMatch } from '../languages/commands.ts';
import { ask, askOnceMore, changeLanguage, proceed } from './ask.ts';
import { takeUnclear } from './answering.ts';
import { keep, rest } from './asides.ts';
import { beginAnother, record } from './experience.ts';
import { openUp } from './opening.ts';
import { emit, findQuestion, say, type Scene } from './scene.ts';

/** What each word does that works at any time (spec: intake.md). STOP never comes this far: opt-out.ts takes it. */
const COMMANDS: Readonly<Record<Exclude<Command, 'stop'>, (scene: Scene, match: CommandMatch) => void>> = {
  start: (scene) => (scene.state.asked ? askOnceMore(scene) : openUp(scene)),
  help: (scene) => say(scene, 'commands.help'), // prettier-ignore
  who: (scene) => say(scene, 'commands.who', { link: scene.world.privacyUrl }), // prettier-ignore
  again: (scene) => again(scene), // prettier-ignore
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
  if (state.asked && state.asked.question !== 'language') return askOnceMore(scene);
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
  ask(scene, previous, { variant: 'back', revisit: true });
}

/** After BACK it leaves the answer as it is; a question that must be answered is asked in other words. */
function skip(scene: Scene): void {
  const { asked, ended, consent, trail } = scene.state;
  const question = findQuestion(scene, asked?.question);
  if (!asked || !question) {
    if (!ended && consent !== 'declined') proceed(scene);
    return;
  }
  if (question.id === 'else') return rest(scene);
  if (question.id === 'delete') return keep(scene);
  if (asked.revisit) {
    scene.state.trail = [...trail, question.id];
    return proceed(scene);
  }
  if (question.kind === 'language') {
    if (scene.state.language === undefined) changeLanguage(scene, 'eng', 'detected');
    return proceed(scene);
  }
  if (!question.skippable) return takeUnclear(scene, question, asked, false);
  record(scene, question, { kind: 'skipped' });
  proceed(scene);
}

function another(scene: Scene): void {
  if (scene.state.consent !== 'given') return openUp(scene);
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

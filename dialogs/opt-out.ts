import type { Command, CommandMatch } from '../languages/commands.ts';
import { askOnceMore, changeLanguage, proceed } from './ask.ts';
import { keepTelling, beginAnother, toldSoFar } from './experience.ts';
import { isWholly } from './phrasebook.ts';
import { emit, say, type Scene } from './scene.ts';
import { settleLanguage } from './settle-language.ts';
import { extended, remarkOf } from './telling.ts';

/** What is still answered after STOP, because it was asked for. */
const ANSWERED: readonly Command[] = ['help', 'who', 'person', 'delete', 'language'];

/** STOP, START and listening in between (spec: channels.md). True when the turn is done. */
export function respectOptOut(scene: Scene, command: CommandMatch | undefined): boolean {
  const { turn } = scene;
  if (turn.providerOptOut !== undefined) return byProvider(scene, turn.providerOptOut);
  if (command?.command === 'stop') return stop(scene, command);
  return turn.optedOut && whileOptedOut(scene, command);
}

function whileOptedOut(scene: Scene, command: CommandMatch | undefined): boolean {
  if (command?.command === 'start' || agreesToTalk(scene)) return start(scene);
  const answered = command !== undefined && ANSWERED.includes(command.command);
  return answered || confirmsErasure(scene) ? false : listen(scene);
}

/** A yes to "write START if you want us to answer again" is as good as START. */
function agreesToTalk({ state, turn }: Scene): boolean {
  return state.toldOptOut === true && state.asked?.question !== 'delete' && isWholly(turn.text, 'yes');
}

function confirmsErasure({ state, turn }: Scene): boolean {
  if (state.asked?.question !== 'delete') return false;
  return turn.choice?.startsWith('delete:') === true || isWholly(turn.text, 'yes', 'no');
}

/** The provider has answered: we record and are silent. */
function byProvider({ events, state }: Scene, word: 'stop' | 'start' | 'help'): boolean {
  if (word === 'stop') events.push({ type: 'opted-out' });
  if (word === 'start') events.push({ type: 'opted-in' });
  delete state.toldOptOut;
  return true;
}

function stop(scene: Scene, { from }: CommandMatch): boolean {
  const { state, turn, parts } = scene;
  if (state.language === undefined && from !== 'eng' && parts.catalogue.languages.includes(from))
    changeLanguage(scene, from, 'detected');
  emit(scene, { type: 'opted-out' });
  delete state.toldOptOut;
  if (!turn.optOutConfirmedByProvider && !turn.optedOut)
    emit(scene, { type: 'said', key: 'opt-out.ack', purpose: 'opt-out-ack' });
  return true;
}

/** Welcome back, and on at the next missing thing. */
function start(scene: Scene): boolean {
  const { state } = scene;
  emit(scene, { type: 'opted-in' });
  delete state.toldOptOut;
  say(scene, 'opt-out.welcome-back');
  if (state.asked) askOnceMore(scene);
  else if (!state.ended && state.consent !== 'declined') proceed(scene);
  return true;
}

/** We never stop listening: what is told is kept, nothing is asked, and once we say so. */
function listen(scene: Scene): boolean {
  const { state, turn, parts } = scene;
  if (parts.catalogue.languages.includes(turn.guess.language)) settleLanguage(scene);
  if (remarkOf(turn) === 'story' && state.consent !== 'declined') {
    if (state.ended) beginAnother(scene);
    keepTelling(scene, extended(toldSoFar(scene), turn));
  }
  if (state.toldOptOut || turn.optOutConfirmedByProvider) return true;
  state.toldOptOut = true;
  say(scene, 'opt-out.listening');
  return true;
}

import type { MediaKind } from '../models/vocabulary.ts';
import { proceed } from './ask.ts';
import { keepTelling, toldSoFar } from './experience.ts';
import { say, type Scene } from './scene.ts';
import { extended } from './telling.ts';

/** Takes a message as the story (told anew after BACK, else added to what there is), thanks for it and goes on. */
export function takeStory(scene: Scene, revisit = false): void {
  keepTelling(scene, extended(revisit ? undefined : toldSoFar(scene), scene.turn));
  const voice = scene.turn.media.includes('voice') && isFirst(scene, 'voice');
  if (scene.state.consent === 'given') say(scene, voice ? 'story.voice' : 'story.thanks');
  proceed(scene);
}

/** Whether this is the first time a kind of media comes in this conversation; remembers that it did. */
export function isFirst({ state }: Scene, kind: MediaKind): boolean {
  if (state.thanked?.includes(kind)) return false;
  state.thanked = [...(state.thanked ?? []), kind];
  return true;
}

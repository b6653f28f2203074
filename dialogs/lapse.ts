import { end } from './experience.ts';
import type { DialogEvent } from './events.ts';
import type { Lapse } from './turn.ts';

/**
 * A conversation that has been silent for 24 h: what was told is kept as partial, which is said once per silence. The question stands
 * where it stood, and who comes back goes on there. `at` is not needed to decide: whoever calls has measured the silence.
 */
export const lapse: Lapse = (state) => {
  const events: DialogEvent[] = [];
  if (state.consent !== 'given' || !state.started || state.ended || state.lapsed) return { state, events };
  end({ state, events }, 'partial');
  return { state: { ...state, lapsed: true }, events };
};

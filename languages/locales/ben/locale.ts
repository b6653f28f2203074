import better from './better.json' with { type: 'json' };
import closing from './closing.json' with { type: 'json' };
import commands from './commands.json' with { type: 'json' };
import common from './common.json' with { type: 'json' };
import consent from './consent.json' with { type: 'json' };
import followUp from './follow-up.json' with { type: 'json' };
import language from './language.json' with { type: 'json' };
import meta from './meta.json' with { type: 'json' };
import optOut from './opt-out.json' with { type: 'json' };
import privacy from './privacy.json' with { type: 'json' };
import rating from './rating.json' with { type: 'json' };
import service from './service.json' with { type: 'json' };
import stages from './stages.json' with { type: 'json' };
import story from './story.json' with { type: 'json' };

/** Bengali: one namespace per dialog. */
export const ben = {
  meta,
  texts: {
    common,
    language,
    consent,
    story,
    service,
    stages,
    rating,
    better,
    'follow-up': followUp,
    closing,
    commands,
    'opt-out': optOut,
    privacy,
  },
};

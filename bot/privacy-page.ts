import { Router } from 'express';
import type { Catalogue } from '../languages/catalogue.ts';
import { LOCALES } from '../languages/locale.ts';

/** The paragraphs, in order; their texts are the catalogue's. */
const PARAGRAPHS = ['who', 'what', 'number', 'danger', 'rights', 'urgent'];

const STYLE =
  'body{font:1.1rem/1.6 system-ui,sans-serif;max-width:40rem;margin:0 auto;padding:1rem;color:#212b32;background:#fff}' +
  'h2{color:#005eb8}nav a{margin-inline-end:1rem;padding:.6rem 0;display:inline-block}section{border-top:2px solid #d8dde0}';

/** `GET /privacy`: where the consent question's link leads. One small page, every language, no script, nothing stored. */
export function privacyPage(catalogue: Catalogue): Router {
  const html = page(catalogue);
  const router = Router();
  router.get('/privacy', (_request, response) => {
    response
      .set({
        'content-security-policy': `default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'`,
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'cache-control': 'public, max-age=3600',
      })
      .type('text/html')
      .send(html);
  });
  return router;
}

function page(catalogue: Catalogue): string {
  const links = LOCALES.map(
    ({ meta }) => `<a href="#${meta.language}" lang="${tag(meta.language)}">${escape(meta.name)}</a>`,
  ).join('');
  const sections = LOCALES.map(({ meta }) => section(catalogue, meta.language, meta.direction)).join('');
  return (
    '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">' +
    `<title>Shuni শুনি</title><style>${STYLE}</style><nav>${links}</nav><main>${sections}</main></html>`
  );
}

function section(catalogue: Catalogue, language: string, direction: string): string {
  const text = (key: string): string => escape(catalogue.say(language, `privacy.${key}`));
  const paragraphs = PARAGRAPHS.map((key) => `<p>${text(key)}</p>`).join('');
  return `<section id="${language}" lang="${tag(language)}" dir="${direction}"><h2>${text('title')}</h2>${paragraphs}</section>`;
}

/** BCP 47 wants the shorter code where there is one. */
function tag(language: string): string {
  return new Intl.Locale(language).toString();
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

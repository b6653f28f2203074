import { describe, expect, test } from '@jest/globals';
import express from 'express';
import request from 'supertest';
import { privacyPage } from '../../bot/privacy-page.ts';
import { createCatalogue } from '../../languages/catalogue.ts';
import { LOCALES } from '../../languages/locale.ts';

const app = express().use(privacyPage(createCatalogue()));

describe('the privacy page', () => {
  test.each(LOCALES.map(({ meta }) => [meta.language, meta.direction] as const))(
    'speaks %s, written %s',
    async (language, direction) => {
      const { text } = await request(app)
        .get('/privacy')
        .expect(200)
        .expect('content-type', /html; charset=utf-8/);
      const section = text.slice(text.indexOf(`<section id="${language}"`));
      expect(section).toContain(`dir="${direction}"`);
      expect(section).toContain(createCatalogue().say(language, 'privacy.rights').replaceAll('"', '&quot;'));
    },
  );

  test('needs no script, sets nothing, allows nothing from elsewhere', async () => {
    const { headers, text } = await request(app).get('/privacy');
    expect(text).not.toMatch(/<script|https?:\/\//);
    expect(headers['set-cookie']).toBeUndefined();
    expect(headers['content-security-policy']).toContain("default-src 'none'");
  });
});

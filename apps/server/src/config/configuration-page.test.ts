import { expect, test } from 'vitest';
import { configurationPage } from './configuration-page.js';

test('docs/configuration.md is in step with the settings', async () => {
  await expect(configurationPage()).toMatchFileSnapshot('../../../../docs/configuration.md');
});

// What describes the models to those who read no prose: OpenAPI, JSON Schema, TypeScript, diagrams.
import { connect, finish } from '../lib/suite.mjs';
import { testDiagrams } from './diagram.mjs';
import { createModels } from './fixture.mjs';
import { testJsonSchema } from './json-schema.mjs';
import { testLimits } from './limits.mjs';
import { testOddNames } from './odd-names.mjs';
import { testOpenApi } from './openapi.mjs';
import { testTypeScript } from './typescript.mjs';

const client = await connect();
await createModels(client);
await testOpenApi(client);
await testJsonSchema(client);
await testTypeScript(client);
await testDiagrams(client);
await testLimits(client);
await testOddNames(client);
await client.end();
finish();

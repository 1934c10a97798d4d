// What describes the models to programs: OpenAPI, JSON Schema.
import { connect, finish } from '../lib/suite.mjs';
import { createModels } from './fixture.mjs';
import { testJsonSchema } from './json-schema.mjs';
import { testOpenApi } from './openapi.mjs';

const client = await connect();
await createModels(client);
await testOpenApi(client);
await testJsonSchema(client);
await client.end();
finish();

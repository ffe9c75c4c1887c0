/** The text and example of an operation in the API reference, besides its schemas. `answers.json` has the response to the example. */
export interface OperationReference {
  /** Markdown. Facts for callers beyond the summary. */
  description: string;
  /** The request of the example. */
  params?: Record<string, string>;
  query?: Record<string, string>;
  body?: unknown;
  /** The body of an operation that accepts text. */
  text?: string;
}

/** By operationId. */
export type References = Record<string, OperationReference>;

/** Ids in the examples. The test that sends the examples replaces them with the ids of its own service. */
export const IDS = {
  handler: 'hdl_0Vc0QuoteHandler0001',
  spareHandler: 'hdl_0Vc0SpareHandler0001',
  endpoint: 'ep_0Vc0QuoteEndpoint001',
  key: 'key_0Vc0ShopKey000000001',
  spareKey: 'key_0Vc0SpareKey00000001',
  run: 'run_0Vc0QuoteRun00000001',
  table: 'tbl_0Vc0ProductTable001',
  spareTable: 'tbl_0Vc0SpareTable00001',
  row: '019c0de0-0000-7000-8000-000000000001',
  graph: '5d1b8469705c1865e288a664',
  operation: '5d27b8dd50e56dbbce063450',
  fileNode: '5d2fbdf3373d3b7ce6e69044',
  file: '2f0c1d3e-4b5a-4697-8879-6a5b4c3d2e1f',
  user: 'usr_0Vc0UserGrace0000001',
  personalToken: 'pat_0Vc0CiToken000000001',
  passkey: 'pky_0Vc0MyLaptop00000001',
  session: 'ses_0Vc0OwnSession000001',
  token: 'tok_0Vc0CrmToken00000001',
} as const;

/** Values that are shown once, as in the examples. */
export const VALUES = {
  key: 'ptk_Example1_ExampleValueOfAnApiKeyExampleValueOfAn',
  jwt: 'eyJhbGciOiJIUzI1NiJ9.eyJleGFtcGxlIjoidHJ1ZSJ9.ZXhhbXBsZQ',
  personalToken: 'ptc_Example1_ExampleValueOfAPersonalTokenExampleVal',
  deviceCode: 'ptd_Example1_ExampleValueOfADeviceCodeExampleValueO',
  userCode: 'BCDF-GHJK',
  digest: '4f0ad0d1e2c3b4a5968778695a4b3c2d1e0f00112233445566778899aabbccdd',
  wheelHash: '7b3fd0d1e2c3b4a5968778695a4b3c2d1e0f00112233445566778899aabbccde',
  /** Stands for a body that is no text. */
  wheel: '<the bytes of the file>',
  flow: 'ses_0Vc0Flow000000000001.ExampleValueOfASignInThatHasBegun',
  /** Values that a browser and an authenticator make, as base64url. */
  credential: 'RXhhbXBsZUNyZWRlbnRpYWw',
  publicKey: 'RXhhbXBsZVB1YmxpY0tleQ',
  addClientData: 'RXhhbXBsZUFkZENsaWVudERhdGE',
  addAuthenticatorData: 'RXhhbXBsZUFkZEF1dGhlbnRpY2F0b3I',
  signInClientData: 'RXhhbXBsZVNpZ25JbkNsaWVudERhdGE',
  signInAuthenticatorData: 'RXhhbXBsZVNpZ25JbkF1dGhlbnRpY2F0b3I',
  signature: 'RXhhbXBsZVNpZ25hdHVyZQ',
  addChallenge: '1764064800000.ExampleAddRandom.ExampleAddTag',
  signInChallenge: '1764064800000.ExampleSignInRandom.ExampleSignInTag',
  refreshToken: 'ptr_ExampleValueOfARefreshToken',
} as const;

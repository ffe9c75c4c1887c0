/* global SwaggerUIBundle */
// No validator badge and no credentials kept: the page talks to this service only, and forgets the key when it is closed.
let key = '';
const ui = SwaggerUIBundle({
  url: '/u/openapi.json',
  dom_id: '#api',
  deepLinking: true,
  validatorUrl: null,
  persistAuthorization: false,
  requestInterceptor: (request) => {
    if (key !== '' && request.loadSpec) request.headers['x-api-key'] = key;
    return request;
  },
});
document.querySelector('#credential').addEventListener('submit', (event) => {
  event.preventDefault();
  key = document.querySelector('#key').value;
  ui.specActions.download('/u/openapi.json');
  if (key !== '') ui.preauthorizeApiKey('apiKey', key);
});

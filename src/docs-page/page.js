/* global SwaggerUIBundle */
// No validator badge and no credentials kept: the page talks to this service only.
SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#api',
  deepLinking: true,
  validatorUrl: null,
  persistAuthorization: false,
});

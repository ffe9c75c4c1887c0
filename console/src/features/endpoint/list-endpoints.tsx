import { Page } from '../../kit/page';
export const ListEndpoints = () => <Page title="Endpoints">soon</Page>;

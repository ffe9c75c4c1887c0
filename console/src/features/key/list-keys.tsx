import { Page } from '../../kit/page';
export const ListKeys = () => <Page title="Keys">soon</Page>;

import { render } from 'preact';
import { startFeed } from './api/feed';
import { openSession } from './api/session';
import { App } from './app';
import { startLanguage } from './i18n';
import { startLooking } from './lib/looked_at';
import { startRouter } from './lib/router';
import { startTheme } from './lib/theme';
import './styles/tokens.css';
import './styles/base.css';
import './styles/shell.css';
import './styles/parts.css';
import './styles/pages.css';

// The session first: it takes the token out of the address before the router reads that.
openSession();
startLanguage();
startTheme();
startRouter();
startLooking();
startFeed();
render(<App />, document.getElementById('app')!);

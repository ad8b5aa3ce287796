// The whole page: the sign-in form, or the shell around the page that the address names.
import type { JSX } from 'preact';
import { session } from './api/session';
import { text } from './i18n';
import { route } from './lib/router';
import { useShortcuts } from './lib/shortcuts';
import { ActorPage } from './pages/actor';
import { Actors } from './pages/actors';
import { Breakers } from './pages/breakers';
import { CallPage } from './pages/call';
import { Calls } from './pages/calls';
import { CourierPage } from './pages/courier';
import { Couriers } from './pages/couriers';
import { Find } from './pages/find';
import { Letters } from './pages/letters';
import { LiveMap } from './pages/map';
import { Overview } from './pages/overview';
import { SignIn } from './pages/sign_in';
import { Supervision } from './pages/supervision';
import { Actions } from './ui/action';
import { Boundary } from './ui/boundary';
import { modal } from './ui/dialog';
import { Shell } from './ui/shell';
import { Toasts } from './ui/toast';

function page([name, a, b]: readonly string[], query: URLSearchParams): JSX.Element | null {
  switch (name) {
    case 'overview':
      return <Overview />;
    case 'map':
      // What was chosen of one service is nobody in the other.
      return <LiveMap key={query.get('service') ?? ''} query={query} />;
    case 'calls':
      return a && b ? (
        <CallPage service={a} id={b} query={query} />
      ) : (
        <Calls service={a} query={query} />
      );
    case 'find':
      return a ? <Find asked={a} /> : null;
    case 'couriers':
      return a ? <CourierPage id={a} /> : <Couriers query={query} />;
    case 'actors':
      return a && b ? <ActorPage kind={a} id={b} /> : <Actors tab={a} query={query} />;
    case 'supervision':
      return <Supervision query={query} />;
    case 'letters':
      return <Letters />;
    case 'breakers':
      return <Breakers />;
    default:
      return null;
  }
}

export function App() {
  useShortcuts();
  if (!session.value) return <SignIn />;
  const { path, query } = route.value;
  return (
    <>
      <Shell path={path}>
        <Boundary key={path.join('/')}>
          {page(path, query) ?? <p class="quiet pad">{text.value.shell.notFound}</p>}
        </Boundary>
      </Shell>
      <Actions />
      {!modal.value && <Toasts />}
    </>
  );
}

// Views that are loaded when they are first shown; one that cannot be says so in its place.
import { type ComponentType, lazy } from "preact/compat";

export const loaded = <P,>(load: () => Promise<ComponentType<P>>): ComponentType<P> =>
  lazy(() => load().then(asDefault, () => asDefault(Missing as ComponentType<P>)));

const asDefault = <P,>(view: ComponentType<P>) => ({ default: view });

function Missing() {
  return (
    <p class="error" role="alert">
      This view could not be loaded, for the server of this page does not answer or has a newer one; load the page
      again.
    </p>
  );
}

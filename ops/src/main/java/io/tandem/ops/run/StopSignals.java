package io.tandem.ops.run;

import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;

/**
 * SIGTERM and Ctrl-C as a request to stop, not as the end of the JVM. A shutdown hook would come
 * too late: the embedded database has a hook of its own and both run at once, so the database would
 * be gone before the node had let go of it. The JDK's signal class is reached by reflection because
 * it is no part of Java SE; a JVM without it falls back to the hook.
 */
public final class StopSignals {
  private static final int HALTED = 130;

  private final CountDownLatch asked = new CountDownLatch(1);

  private StopSignals() {}

  /** Listens from now on. */
  public static StopSignals listen() {
    StopSignals signals = new StopSignals();
    try {
      signals.handle("TERM");
      signals.handle("INT");
    } catch (ReflectiveOperationException | IllegalArgumentException unsupported) {
      Runtime.getRuntime().addShutdownHook(new Thread(signals::ask, "stop"));
    }
    return signals;
  }

  private void handle(String name) throws ReflectiveOperationException {
    Class<?> signal = Class.forName("sun.misc.Signal");
    Class<?> handler = Class.forName("sun.misc.SignalHandler");
    Object ours =
        Proxy.newProxyInstance(
            StopSignals.class.getClassLoader(),
            new Class<?>[] {handler},
            (proxy, method, arguments) -> {
              if (method.getName().equals("handle")) {
                ask();
              }
              return null;
            });
    Object named = signal.getConstructor(String.class).newInstance(name);
    Object unused = signal.getMethod("handle", signal, handler).invoke(null, named, ours);
  }

  /** The second time the person means it. */
  private void ask() {
    if (asked.getCount() == 0) {
      Runtime.getRuntime().halt(HALTED);
    }
    asked.countDown();
  }

  /** Waits until somebody asks. */
  public void await() throws InterruptedException {
    asked.await();
  }
}

package io.tandem.protocol.media.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CoresTest {
  @Test
  void a_thread_leaves_the_core_it_avoids_and_may_come_back_when_it_avoids_another()
      throws InterruptedException {
    assumeTrue(SystemCalls.available() && Runtime.getRuntime().availableProcessors() > 1);
    List<Integer> cores = new ArrayList<>();
    Thread thread = // its affinity ends with it
        Thread.ofPlatform()
            .start(
                () -> {
                  Cores.Avoidance avoidance = new Cores.Avoidance();
                  for (int i = 0; i < 4; i++) {
                    cores.add(Cores.current());
                    avoidance.avoid(cores.getLast());
                  }
                  cores.add(Cores.current());
                });
    thread.join();
    for (int i = 1; i < cores.size(); i++) {
      assertThat(cores.get(i)).as("%s", cores).isNotEqualTo(cores.get(i - 1)).isNotNegative();
    }
  }

  @Test
  void what_is_no_core_is_not_avoided() {
    new Cores.Avoidance().avoid(Cores.UNKNOWN);
    new Cores.Avoidance().avoid(1 << 20);
    assertThat(Cores.current()).isGreaterThanOrEqualTo(Cores.UNKNOWN);
  }

  /** A media loop asks at each wake-up; what the machine has is tried once. */
  @Test
  void asking_for_the_core_makes_no_garbage() {
    assumeTrue(SystemCalls.available());
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int asked = 10_000;
    int last = 0;
    for (int i = 0; i < asked; i++) {
      last = Cores.current();
    }
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < asked; i++) {
      last = Cores.current();
    }
    long octets = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(last).isNotNegative();
    assertThat(octets / asked).as("octets of garbage each time").isZero();
  }
}

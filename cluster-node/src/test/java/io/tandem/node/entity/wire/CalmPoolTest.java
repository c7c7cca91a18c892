package io.tandem.node.entity.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Few threads are woken, and no work is left behind. */
@Timeout(60)
class CalmPoolTest {
  private final AtomicLong nanos = new AtomicLong();
  private final CalmPool pool =
      CalmPool.start(Thread.ofPlatform().daemon().factory(), 4, nanos::get);

  @AfterEach
  void ends() {
    pool.shutdown();
  }

  @Test
  void works_that_come_one_after_the_other_keep_one_thread() throws Exception {
    allAsleep();
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    List<Integer> done = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch all = new CountDownLatch(11);
    pool.execute(
        () -> {
          for (int i = 0; i < 10; i++) {
            int each = i;
            pool.execute(
                () -> {
                  done.add(each);
                  threads.add(Thread.currentThread());
                  all.countDown();
                });
          }
          threads.add(Thread.currentThread());
          all.countDown();
        });
    all.await();

    assertThat(threads).hasSize(1);
    assertThat(done).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
  }

  @Test
  void a_crowd_wakes_another() throws Exception {
    allAsleep();
    CountDownLatch crowd = new CountDownLatch(CalmPool.CROWD + 1);
    CountDownLatch taken = new CountDownLatch(1);
    CountDownLatch blocked = new CountDownLatch(1);
    pool.execute(
        () -> {
          taken.countDown();
          await(blocked);
        });
    taken.await();
    for (int i = 0; i < CalmPool.CROWD + 1; i++) {
      pool.execute(crowd::countDown);
    }

    crowd.await(); // though the first thread does nothing
    blocked.countDown();
  }

  @Test
  void a_work_that_blocks_does_not_hold_those_behind_it() throws Exception {
    allAsleep();
    CountDownLatch blocked = new CountDownLatch(1);
    CountDownLatch taken = new CountDownLatch(1);
    CountDownLatch behind = new CountDownLatch(1);
    pool.execute(
        () -> {
          taken.countDown();
          await(blocked);
        });
    taken.await();
    pool.execute(behind::countDown); // no crowd
    nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(1));

    behind.await(); // a thread that sleeps has looked
    blocked.countDown();
  }

  @Test
  void none_is_lost_whoever_sends_them() throws Exception {
    AtomicInteger done = new AtomicInteger();
    try (ExecutorService senders = Executors.newFixedThreadPool(3)) {
      List<Future<?>> sent = new ArrayList<>();
      for (int sender = 0; sender < 3; sender++) {
        sent.add(
            senders.submit(
                () -> {
                  for (int i = 0; i < 20_000; i++) {
                    pool.execute(() -> pool.execute(done::incrementAndGet));
                    if (i % 7 == 0) {
                      Thread.yield(); // now and then they fall asleep
                    }
                  }
                }));
      }
      for (Future<?> each : sent) {
        each.get();
      }
    }
    while (done.get() < 60_000) {
      Thread.onSpinWait();
    }

    assertThat(done).hasValue(60_000);
  }

  @Test
  void one_that_fails_takes_no_thread_with_it() throws Exception {
    for (int i = 0; i < 8; i++) {
      pool.execute(
          () -> {
            throw new IllegalStateException("for this test");
          });
    }
    CountDownLatch next = new CountDownLatch(1);
    pool.execute(next::countDown);

    next.await();
  }

  @Test
  void what_has_come_before_the_end_is_done_and_no_more_is_taken() throws Exception {
    AtomicInteger done = new AtomicInteger();
    for (int i = 0; i < 100; i++) {
      pool.execute(done::incrementAndGet);
    }
    pool.shutdown();

    assertThat(pool.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    assertThat(done).hasValue(100);
    assertThatThrownBy(() -> pool.execute(done::incrementAndGet))
        .isInstanceOf(RejectedExecutionException.class);
  }

  private void allAsleep() {
    while (pool.awake() > 0) {
      Thread.onSpinWait();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

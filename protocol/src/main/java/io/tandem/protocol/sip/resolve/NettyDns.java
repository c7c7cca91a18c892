package io.tandem.protocol.sip.resolve;

import io.netty.channel.AddressedEnvelope;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.resolver.HostsFileEntriesResolver;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks name servers through Netty's resolver, over UDP, and over TCP where an answer was cut off.
 * Another server is asked when one says nothing for two seconds or that it cannot. It remembers
 * nothing: that is {@link DnsMemory}'s.
 */
public final class NettyDns implements Dns, AutoCloseable {
  private static final int ATTEMPTS = 3;
  private static final int PATIENCE_MILLIS = 2_000;
  private static final long HOSTS_FILE_SECONDS = 60;

  private final List<InetSocketAddress> servers;
  private final Executor loop;
  private @Nullable EventLoopGroup group;
  private @Nullable DnsNameResolver resolver;
  private boolean closed;

  /**
   * Its thread and socket begin with the first question.
   *
   * @param servers that are asked in turn; empty for those of the system
   * @param loop where answers are told
   */
  public NettyDns(List<InetSocketAddress> servers, Executor loop) {
    this.servers = List.copyOf(servers);
    this.loop = loop;
  }

  private synchronized DnsNameResolver resolver() {
    DnsNameResolver known = resolver;
    if (known == null) {
      if (closed) {
        throw new IllegalStateException("closed");
      }
      EventLoopGroup own =
          new MultiThreadIoEventLoopGroup(
              1, new DefaultThreadFactory("sip-dns", true), NioIoHandler.newFactory());
      group = own;
      known =
          new DnsNameResolverBuilder(own.next())
              .datagramChannelType(NioDatagramChannel.class)
              .socketChannelType(NioSocketChannel.class)
              .nameServerProvider(
                  servers.isEmpty()
                      ? DnsServerAddressStreamProviders.platformDefault()
                      : new SequentialDnsServerAddressStreamProvider(servers))
              .queryTimeoutMillis(PATIENCE_MILLIS)
              .build();
      resolver = known;
    }
    return known;
  }

  @Override
  public void ask(Question question, Consumer<Answer> then) {
    InetAddress listed = listed(question);
    if (listed != null) {
      tell(new Found(List.of(new Address(listed)), HOSTS_FILE_SECONDS), then);
    } else {
      ask(question, ATTEMPTS, then);
    }
  }

  /** What the machine's own list of hosts says, which goes before any server. */
  private static @Nullable InetAddress listed(Question question) {
    return switch (question.kind()) {
      case A ->
          HostsFileEntriesResolver.DEFAULT.address(question.name(), ResolvedAddressTypes.IPV4_ONLY);
      case AAAA ->
          HostsFileEntriesResolver.DEFAULT.address(question.name(), ResolvedAddressTypes.IPV6_ONLY);
      case NAPTR, SRV -> null;
    };
  }

  private static DnsRecordType type(Kind kind) {
    return switch (kind) {
      case NAPTR -> DnsRecordType.NAPTR;
      case SRV -> DnsRecordType.SRV;
      case A -> DnsRecordType.A;
      case AAAA -> DnsRecordType.AAAA;
    };
  }

  private void ask(Question question, int attemptsLeft, Consumer<Answer> then) {
    DefaultDnsQuestion asked;
    try {
      asked = new DefaultDnsQuestion(question.name() + ".", type(question.kind()));
    } catch (IllegalArgumentException noName) {
      tell(new Nothing(HOSTS_FILE_SECONDS), then);
      return;
    }
    resolver()
        .query(asked)
        .addListener(
            done -> {
              Answer answer =
                  done.isSuccess()
                      ? read(question.kind(), done.getNow())
                      : new Failed(String.valueOf(done.cause()));
              if (answer instanceof Failed && attemptsLeft > 1 && !isClosed()) {
                ask(question, attemptsLeft - 1, then);
              } else {
                tell(answer, then);
              }
            });
  }

  private static Answer read(Kind kind, Object envelope) {
    @SuppressWarnings("unchecked") // what query() is declared to give
    AddressedEnvelope<DnsResponse, InetSocketAddress> response =
        (AddressedEnvelope<DnsResponse, InetSocketAddress>) envelope;
    try {
      return DnsWords.answer(kind, type(kind), response.content());
    } finally {
      response.release();
    }
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private void tell(Answer answer, Consumer<Answer> then) {
    loop.execute(() -> then.accept(answer));
  }

  /** Answers that are out are never told. */
  @Override
  public synchronized void close() {
    closed = true;
    DnsNameResolver open = resolver;
    EventLoopGroup own = group;
    if (open != null && own != null) {
      open.close();
      var unused = own.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
  }
}

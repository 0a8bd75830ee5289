package io.continuo.sip.dns;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// A DNS server on a UDP port of 127.0.0.1, with a zone written as in a master file.
final class DnsServerDouble implements AutoCloseable {
  private final DatagramSocket socket = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"));
  private final List<Record> zone = new CopyOnWriteArrayList<>();
  final List<String> asked = new CopyOnWriteArrayList<>();
  private volatile boolean failing;
  private volatile boolean silent;

  DnsServerDouble() throws SocketException {
    Thread.ofPlatform().daemon().name("dns-double").start(this::serve);
  }

  String address() {
    return "127.0.0.1:" + socket.getLocalPort();
  }

  DnsServerDouble record(String name, String type, long ttl, String data) throws IOException {
    Name owner = Name.fromString(name, Name.root);
    zone.add(Record.fromString(owner, Type.value(type), 1, ttl, data, Name.root));
    return this;
  }

  void fail() {
    failing = true;
  }

  void fallSilent() {
    silent = true;
  }

  private void serve() {
    byte[] buffer = new byte[4096];
    while (!socket.isClosed()) {
      DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
      try {
        socket.receive(packet);
        Message query = new Message(java.util.Arrays.copyOf(buffer, packet.getLength()));
        asked.add(query.getQuestion().getName() + " " + Type.string(query.getQuestion().getType()));
        if (!silent) {
          byte[] answer = answer(query).toWire();
          socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
        }
      } catch (SocketException closed) {
        return;
      } catch (IOException malformed) {
        throw new java.io.UncheckedIOException(malformed);
      }
    }
  }

  private Message answer(Message query) {
    Message answer = new Message(query.getHeader().getID());
    answer.getHeader().setFlag(Flags.QR);
    answer.getHeader().setFlag(Flags.RA);
    answer.addRecord(query.getQuestion(), Section.QUESTION);
    if (failing) {
      answer.getHeader().setRcode(Rcode.SERVFAIL);
      return answer;
    }
    List<Record> found = new ArrayList<>();
    boolean named = false;
    for (Record record : zone) {
      if (record.getName().equals(query.getQuestion().getName())) {
        named = true;
        if (record.getType() == query.getQuestion().getType() || record.getType() == Type.CNAME) {
          found.add(record);
        }
      }
    }
    answer.getHeader().setRcode(named ? Rcode.NOERROR : Rcode.NXDOMAIN);
    found.forEach(record -> answer.addRecord(record, Section.ANSWER));
    return answer;
  }

  @Override
  public void close() {
    socket.close();
  }
}

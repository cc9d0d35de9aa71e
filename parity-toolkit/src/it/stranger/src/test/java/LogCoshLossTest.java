import io.github.dl4jlosses.parity.Parity;
import org.junit.jupiter.api.Test;

class LogCoshLossTest {
    @Test
    void theLossIsTorchs() {
        Parity.of(new LogCoshLoss()).against("torch.mean(torch.log(torch.cosh(x - t)))").check();
    }
}

/* `portrait init`: cli/init_data.c, project/init.c */
X("--{0} '{1}' is no number it could be", "--<0> 不能是“<1>”")
X("a number from 1 to {0}", "1 到 <0> 的整数")
X("the template '{0}' comes without data of its own", "模板“<0>”不带数据")
X("--customers and --seed are for the templates bank and b2b", "--customers 和 --seed 只用于模板 bank 和 b2b")
